/**
 * `npm run build:pages` makes the script and the style sheet that the frames' pages load. They are kept in the repository as a module, so that
 * the functions carry them in their bundles and the simulator serves them without a step of its own; a test holds the module to its sources.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BUILT_ASSETS_FILE, builtAssetsModule } from './page-assets.ts';

const file = fileURLToPath(new URL(`../${BUILT_ASSETS_FILE}`, import.meta.url));
await writeFile(file, await builtAssetsModule());
console.log(`Wrote ${BUILT_ASSETS_FILE}.`);
