import type { ApiVersion } from '../../../functions/hubspot/api-paths.ts';
import { objectIn } from '../../../functions/hubspot/json-value.ts';
import { type GatewayAccess, sendCall } from '../../../functions/hubspot/send-call.ts';
import type { PortalId } from '../../../functions/invoices/identifiers.ts';
import { callReason } from '../call-reason.ts';
import { ToolFailure, UsageError } from '../run-tool.ts';

/**
 * Holds `--portal` to the portal that the access token is of: a slip would hold, or link, another one. Throws a UsageError where they differ, a
 * ToolFailure where HubSpot doesn't take the token; answers a note where HubSpot doesn't say.
 */
export async function checkPortal(
  access: GatewayAccess & { apiVersion: ApiVersion },
  portalId: PortalId,
): Promise<string | undefined> {
  const path = `/account-info/${access.apiVersion}/details`;
  const answer = await sendCall(access, portalId, { method: 'GET', path, pool: 'calls' });
  if (answer.kind === 'unauthorized') throw new ToolFailure(callReason(answer, access.baseUrl));
  const told = answer.kind === 'answer' ? objectIn(answer.json)?.portalId : undefined;
  if (typeof told !== 'number' && typeof told !== 'string') {
    return `HubSpot did not say which portal the token is of; --portal ${portalId} is taken as it is.`;
  }
  if (String(told) !== portalId) {
    throw new UsageError(`--portal is ${portalId}, and HUBSPOT_ACCESS_TOKEN is that of portal ${told}.`);
  }
  return undefined;
}
