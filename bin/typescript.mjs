/**
 * Preloaded with `node --import ./bin/typescript.mjs program.ts`: lets Node run TypeScript.
 *
 * Node 24 and Node 22.18 strip types by themselves, and nothing is loaded. Node 20 and older releases of Node 22, which a
 * user may have, get tsx instead.
 */
if (!process.features.typescript) {
  const { register } = await import('tsx/esm/api');
  register();
}
