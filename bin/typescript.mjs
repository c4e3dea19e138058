/**
 * Preloaded with `node --import ./bin/typescript.mjs program.ts`: lets Node run TypeScript.
 *
 * Node 24 and Node 22.18 strip types by themselves, and nothing is loaded. Older releases of Node 22, which a
 * macOS user may have, get tsx instead.
 */
if (!process.features.typescript) {
  const { register } = await import('tsx/esm/api');
  register();
}
