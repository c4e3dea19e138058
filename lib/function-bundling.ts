/**
 * How a function is bundled, in esbuild's terms: ESM with the SDK inside starts a third faster than CommonJS.
 * esbuild's ESM output has no `require`, which some bundled CommonJS packages call. The name is long because a short one
 * has collided with the minifier's own.
 */
export const functionBundling = {
  format: 'esm',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  banner: {
    js: "import{createRequire as __ledgerbridgeCreateRequire}from'node:module';const require=__ledgerbridgeCreateRequire(import.meta.url);",
  },
} satisfies import('esbuild').BuildOptions;
