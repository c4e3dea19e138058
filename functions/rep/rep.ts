import type { PortalId } from '../invoices/identifiers.ts';

/** A HubSpot user who acts on invoices. Who it is comes from a request signature or a ticket, and from nowhere else. */
export interface Rep {
  portalId: PortalId;
  /** HubSpot's id of the user: digits. */
  userId: string;
  /** As HubSpot has it; left out where it didn't say. */
  email?: string | undefined;
}

/** Whether the text is a HubSpot user's id. */
export const isUserId = (text: string): boolean => /^\d{1,20}$/.test(text);

/** The user that HubSpot's default parameters name, undefined where they name none. */
export function repOf(portalId: PortalId, parameters: ReadonlyMap<string, string>): Rep | undefined {
  const userId = parameters.get('userId') ?? '';
  if (!isUserId(userId)) return undefined;
  const email = parameters.get('userEmail') ?? '';
  return { portalId, userId, ...(email === '' ? {} : { email }) };
}
