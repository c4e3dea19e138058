import type { DealId } from '../invoices/identifiers.ts';
import type { PortalSettings } from '../invoices/portal-settings.ts';
import type { FrameSigner } from '../rep/page-urls.ts';
import { type Policy, readPolicy } from '../rep/policy.ts';
import type { Rep } from '../rep/rep.ts';

/** Who looks at which deal's card, what is allowed, and what signs the addresses of its frames. */
export interface ActionContext extends FrameSigner {
  dealId: DealId;
  policy: Policy;
}

const HOUR_MS = 3_600_000;

/** The context of one rep's view of a deal. `now` is epoch milliseconds; the frames can be opened for as many hours as the portal says. */
export const actionContext = (
  view: { rep: Rep; dealId: DealId; publicBaseUrl: string; ticketKey: string; now: number },
  settings: Pick<PortalSettings, 'policy' | 'ticketHours'>,
): ActionContext => ({
  rep: view.rep,
  dealId: view.dealId,
  publicBaseUrl: view.publicBaseUrl,
  key: view.ticketKey,
  policy: readPolicy(settings.policy),
  expiresAt: view.now + settings.ticketHours * HOUR_MS,
});
