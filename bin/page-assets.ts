import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Where the built script and style sheet are kept, from the repository's folder. */
export const BUILT_ASSETS_FILE = 'functions/pages/assets/built-assets.ts';

const pages = fileURLToPath(new URL('../functions/pages/', import.meta.url));
const STYLES = ['base', 'form', 'lines', 'list'];

/** The module with the script and the style sheet of the frames' pages, each with its hash: the same sources make the same text. */
export async function builtAssetsModule(): Promise<string> {
  const assets = {
    js: await bundled({ entryPoints: [`${pages}browser/page.ts`], format: 'esm', target: 'es2022' }),
    css: await bundled({
      stdin: {
        contents: STYLES.map((name) => `@import "./style/${name}.css";`).join('\n'),
        resolveDir: pages,
        loader: 'css',
      },
    }),
  };
  const entries = Object.entries(assets).map(
    ([extension, text]) =>
      `  ${extension}: {\n    hash: '${hashOf(text)}',\n    text: ${JSON.stringify(text)},\n  },\n`,
  );
  return `// Made by \`npm run build:pages\` from functions/pages/browser and functions/pages/style.\nexport const BUILT_ASSETS = {\n${entries.join('')}} as const;\n`;
}

async function bundled(options: import('esbuild').BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    ...options,
    absWorkingDir: pages,
    bundle: true,
    minify: true,
    write: false,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'error',
  });
  return outputFiles?.[0]?.text ?? '';
}

/** Enough of a SHA-256 to tell every build from every other. */
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
