import { type ApiCall, byMethod } from './api-call.ts';
import { type HubSpotResponse, jsonResponse } from './http-message.ts';

/** `GET /account-info/…/details`: which portal the token is of. @throws HubSpotError */
export function accountApi(call: ApiCall): HubSpotResponse {
  return byMethod(call, {
    GET: () =>
      jsonResponse(200, {
        portalId: Number(call.portal.id),
        accountType: 'STANDARD',
        timeZone: 'Etc/UTC',
        companyCurrency: 'EUR',
        additionalCurrencies: [],
        utcOffset: '+00:00',
        utcOffsetMilliseconds: 0,
        uiDomain: 'app.hubspot.com',
        dataHostingLocation: 'eu1',
      }),
  });
}
