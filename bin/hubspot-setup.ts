import { describeSetUp, setUpKeyProperty } from '../functions/hubspot/set-up-key-property.ts';
import { RECORD_TYPES } from '../functions/sync/records/shard.ts';
import { noWords } from './command-line/argument-values.ts';
import { hubSpotConnection } from './command-line/hubspot-connection.ts';
import { propertyAdministration } from './command-line/hubspot-setup/property-administration.ts';
import { runTool } from './command-line/run-tool.ts';

const HELP = `
Creates the unique properties by which contacts and products are found again, in HubSpot. Run
again it changes nothing. It makes at most ten calls an account, 20 seconds each, and takes none of
the call budget that the sync and the other tools share.

  npm run hubspot:setup

Environment
  HUBSPOT_ACCESS_TOKEN  The account's access token, or portal:token pairs, comma-separated.
  HUBSPOT_API_URL       https://api.hubapi.com by default; the simulator prints its imitation's.

Exit code 0: every account has both properties. 1: HubSpot refused, or it can't be done.
2: wrong arguments or variables.
`;

async function setUpPortal(accessToken: string, basePath: string): Promise<boolean> {
  const hubspot = propertyAdministration({ accessToken, basePath });
  let isReady = true;
  for (const type of RECORD_TYPES) {
    const outcome = await setUpKeyProperty(hubspot, type);
    for (const line of describeSetUp(type, outcome)) console.log(line);
    isReady &&= outcome.kind === 'ready';
  }
  return isReady;
}

await runTool({
  name: 'hubspot:setup',
  help: HELP,
  options: {},
  run: async (_options, words) => {
    noWords(words);
    const { settings, tokens } = hubSpotConnection(process.env);
    const apiUrl = settings.HUBSPOT_API_URL;
    if ('only' in tokens) return (await setUpPortal(tokens.only, apiUrl)) ? 0 : 1;
    let isReady = true;
    for (const [portalId, token] of tokens.byPortal) {
      console.log(`Portal ${portalId}:`);
      isReady = (await setUpPortal(token, apiUrl)) && isReady;
    }
    return isReady ? 0 : 1;
  },
});
