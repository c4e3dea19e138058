import { readdir, readFile } from 'node:fs/promises';
import nodeModule from 'node:module';
import { assetAnswer, type PageAnswer } from './page-answer.ts';

/** Folders beside this one whose files a browser may read; `pages` holds what all pages share. */
type PageFolder = 'pages' | 'deal-page' | 'sync-page';

const parts = ['browser', 'style'] as const;

/** Node strips types from version 22.13 on; esbuild does it on the older releases that a macOS user may have. */
const stripTypes = async (source: string): Promise<string> => {
  if (typeof nodeModule.stripTypeScriptTypes === 'function') return nodeModule.stripTypeScriptTypes(source);
  const { transform } = await import('esbuild');
  return (await transform(source, { loader: 'ts' })).code;
};

const answerFor = async (file: string, source: string): Promise<PageAnswer> => {
  if (file.endsWith('.ts')) return assetAnswer('text/javascript; charset=utf-8', await stripTypes(source));
  return assetAnswer(file.endsWith('.svg') ? 'image/svg+xml' : 'text/css; charset=utf-8', source);
};

/**
 * The scripts (TypeScript without its types), style sheets and icons of these folders by path, for instance
 * `/_page/deal-page/browser/record.ts`; the paths mirror the folders, so that scripts import each other in the browser as
 * they do here. Read once: a path that isn't listed here reaches no file.
 */
export const loadAssets = async (
  ...folders: readonly PageFolder[]
): Promise<ReadonlyMap<string, PageAnswer>> => {
  const assets = new Map<string, PageAnswer>();
  for (const folder of folders) {
    for (const part of parts) {
      const directory = new URL(`../${folder}/${part}/`, import.meta.url);
      for (const file of await readdir(directory)) {
        const source = await readFile(new URL(file, directory), 'utf8');
        assets.set(`/_page/${folder}/${part}/${file}`, await answerFor(file, source));
      }
    }
  }
  return assets;
};
