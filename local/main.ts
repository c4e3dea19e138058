import { leaveWithParent } from './leave-with-parent.ts';
import type { Simulator } from './simulator.ts';

const log = (line: string): void => console.log(line);

// Watched before anything else is so much as loaded: whoever started this may be gone before it is up.
let simulator: Simulator | undefined;
let leaving = false;
const leave = (): void => {
  if (leaving) return;
  leaving = true;
  Promise.resolve(simulator?.close()).finally(() => process.exit(0));
};
leaveWithParent(leave, Number(process.env.STARTED_BY) || process.ppid);

try {
  const [{ readSettings }, { startSimulator }] = await Promise.all([
    import('./settings.ts'),
    import('./simulator.ts'),
  ]);
  const settings = readSettings(process.env);
  simulator = await startSimulator(settings, log);
  log(`Ledgerbridge is up: ${simulator.url}`);
  log(`  Sample deals    ${simulator.url}/`);
  log(`  Sync            ${simulator.url}/sync`);
  log(`  Ledger API      ${simulator.url}/v1  (Authorization: Bearer ${settings.ledgerTokens[0].token})`);
  log(`  Change feed     ${simulator.url}/v1/events?after=${simulator.feedPosition}`);
  log(`  HubSpot's API   ${simulator.hubspotUrl}`);
  log(`  DynamoDB        ${simulator.dynamodbEndpoint}  (for the command-line tools: --endpoint …)`);
  log(`  EventBridge     ${simulator.awsEndpoint}  (for npm run events:resend: --bus-endpoint …)`);
  log(`  Bells           ${simulator.queueUrl}  (for npm run sync:redrive: --queue …)`);
  log(
    `  Data            ${settings.dynamodbEndpoint ?? settings.dataDirectory ?? 'in memory, gone when this stops'}`,
  );
} catch (error) {
  console.error(`Ledgerbridge could not start. ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
