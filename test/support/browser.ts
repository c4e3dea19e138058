import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
const packageFolder = join(root, 'node_modules/@sparticuz/chromium');
const cacheFolder = join(root, 'node_modules/.cache');

/**
 * Everything but 127.0.0.1 fails to resolve, addresses included, and no proxy of the environment is asked. The
 * sandbox is off because Chromium refuses to run as root with it, as containers do; the pages are our own. The
 * package's own list of switches is not used: it turns off the same-origin rules that the tests rely on.
 */
const switches = [
  '--no-sandbox',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  '--no-proxy-server',
  '--font-render-hinting=none',
];

/** Only the fonts of the package, so that a page looks the same on every machine. */
const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir prefix="relative">../../@expo-google-fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/**
 * The package unpacks into TMPDIR, and its own system libraries (NSS among them) only where it believes to be in
 * Lambda. Both are settings of a whole process, hence a process of its own.
 */
const unpackInto = async (folder: string): Promise<void> => {
  const program = "await (await import('@sparticuz/chromium')).default.executablePath()";
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
    env: { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x', TMPDIR: folder, HOME: folder },
  });
  await writeFile(join(folder, 'fonts.conf'), fontConfiguration);
};

/** The unpacked package, one folder a version; it appears whole or not at all, also when two unpack at once. */
const unpackedChromium = async (): Promise<string> => {
  const { version }: { version: string } = JSON.parse(
    await readFile(join(packageFolder, 'package.json'), 'utf8'),
  );
  const folder = join(cacheFolder, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  const unfinished = await mkdtemp(`${folder}-unfinished-`);
  try {
    await unpackInto(unfinished);
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
};

const launchPackagedChromium = async (): Promise<Browser> => {
  const folder = await unpackedChromium();
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: switches,
    env: {
      HOME: folder,
      XDG_CACHE_HOME: folder,
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      TZ: 'UTC',
    },
  });
};

/**
 * Starts a headless Chromium that reaches nothing but 127.0.0.1; the caller closes it. On Linux x64 it is the one
 * inside `@sparticuz/chromium`, unpacked at first use (about two seconds), and needs no system library but libc's;
 * elsewhere it is the installed Google Chrome.
 *
 * @throws Error with one sentence on what is missing, where no browser starts
 */
export const launchBrowser = async (): Promise<Browser> => {
  const isPackaged = process.platform === 'linux' && process.arch === 'x64';
  try {
    return isPackaged
      ? await launchPackagedChromium()
      : await chromium.launch({ channel: 'chrome', args: switches });
  } catch (error) {
    const remedy = isPackaged
      ? 'The Chromium inside @sparticuz/chromium did not start.'
      : 'The browser tests need Google Chrome on this system, and it did not start. Install it and try again.';
    throw new Error(remedy, { cause: error });
  }
};
