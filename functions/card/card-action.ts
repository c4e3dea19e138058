interface AnyAction {
  label: string;
  /** Under one of the card's base URLs: one that isn't, and HubSpot shows nothing of the card. */
  uri: string;
  /** Properties of the deal that HubSpot would add. We need none, and a card that asks for fewer shows sooner. */
  associatedObjectProperties: [];
}

/** Opens a page of ours in the rep's browser. Width and height in pixels. */
export interface FrameAction extends AnyAction {
  type: 'IFRAME';
  width: number;
  height: number;
}

/** Calls one of our hooks from HubSpot's server, signed. */
export interface HookAction extends AnyAction {
  type: 'ACTION_HOOK';
  httpMethod: 'POST';
}

/** The same, once the rep has confirmed it. */
export interface ConfirmedHookAction extends AnyAction {
  type: 'CONFIRMATION_ACTION_HOOK';
  /** The converter's button is red for DELETE alone. */
  httpMethod: 'POST' | 'DELETE';
  confirmationMessage: string;
  confirmButtonText: string;
  cancelButtonText: string;
}

/** An action in the flat format of HubSpot's legacy CRM cards. */
export type CardAction = FrameAction | HookAction | ConfirmedHookAction;
