import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { CARD_UNAVAILABLE_METRIC } from '../functions/card/fetch-card.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import type { ServiceFunction } from './service-function.ts';

/** The functions that HubSpot calls. */
export interface HubSpotFunctions {
  card: ServiceFunction;
  actions: ServiceFunction;
}

/** Cards that said that invoices can't be shown right now. HubSpot got a 200, so no other figure tells. */
export const unavailableCards = ({ card }: Pick<HubSpotFunctions, 'card'>): IMetric =>
  card.metricCounted(CARD_UNAVAILABLE_METRIC);

/** Requests whose signature no client secret of ours made over our public URL. */
export const signatureMismatches = ({ card, actions }: HubSpotFunctions): IMetric =>
  new MathExpression({
    label: 'Signatures that don’t match',
    expression: 'FILL(card, 0) + FILL(actions, 0)',
    period: Duration.minutes(5),
    usingMetrics: {
      card: card.metricCounted('SignatureRefused_mismatch'),
      actions: actions.metricCounted('SignatureRefused_mismatch'),
    },
  });

/** Alarms for what a rep sees and no error of a function tells. */
export function watchCard(functions: HubSpotFunctions, alarms: AlarmTopic): void {
  alarms.on(functions.card, 'Unavailable', {
    metric: unavailableCards(functions),
    description:
      'A rep’s card said that invoices can’t be shown right now: the ledger or its settings could not be read',
  });
  alarms.on(functions.card, 'SignatureMismatch', {
    metric: signatureMismatches(functions),
    // A stranger’s single try is no trouble; with a wrong secret every card is refused.
    threshold: 3,
    description:
      'HubSpot’s signatures don’t match: the client secret is not the app’s, or PUBLIC_BASE_URL is not the address HubSpot calls',
  });
}
