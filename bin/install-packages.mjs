/**
 * Runs `npm ci` if node_modules is not what package-lock.json asks for; does nothing otherwise.
 *
 * Every npm script begins with it, so that a fresh clone needs no other command. It therefore runs on the
 * user's own Node (20 or newer) before anything is installed, and uses nothing but Node's own modules.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lockFileOfInstall = join(
  tmpdir(),
  `ledgerbridge-install-${createHash('sha256').update(root).digest('hex').slice(0, 16)}.lock`,
);
const longestInstall = 15 * 60_000;

const say = (sentence) => process.stderr.write(`${sentence}\n`);

const fail = (sentence, exitCode = 1) => {
  say(sentence);
  process.exit(exitCode);
};

const usesMusl = () =>
  existsSync('/proc/self/maps') && readFileSync('/proc/self/maps', 'utf8').includes('/ld-musl-');

/** Whether npm installs this package here: `os`, `cpu` and `libc` list what it is for, `!` what it is not for. */
const isForThisMachine = ({ os, cpu, libc }) => {
  const admits = (names, value) => {
    const list = [names ?? []].flat();
    if (list.includes(`!${value}`)) return false;
    return list.includes(value) || list.every((name) => name.startsWith('!'));
  };
  return (
    admits(os, process.platform) &&
    admits(cpu, process.arch) &&
    (!libc || (process.platform === 'linux' && admits(libc, usesMusl() ? 'musl' : 'glibc')))
  );
};

const packagesIn = (path) => JSON.parse(readFileSync(join(root, path), 'utf8')).packages;

/** The files without which a package is not really there: its package.json, and a native package's programs. */
const filesOf = (path, entry) => [
  join(path, 'package.json'),
  ...(entry.os ? Object.values(entry.bin ?? {}).map((program) => join(path, program)) : []),
];

/**
 * What is wrong with node_modules, as the end of a sentence; undefined if it matches the lock file.
 * npm writes node_modules/.package-lock.json, its own list of what it installed, when an install is complete.
 */
const findMismatch = () => {
  const wanted = packagesIn('package-lock.json');
  if (!existsSync(join(root, 'node_modules'))) return 'nothing is installed yet';
  if (!existsSync(join(root, 'node_modules/.package-lock.json'))) return 'the last install did not finish';
  const installed = packagesIn('node_modules/.package-lock.json');
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || !isForThisMachine(entry)) continue;
    const found = installed[path];
    // A part of something that is not for this machine, and so left out with it, has no `os` of its own.
    if (!found && entry.optional && !entry.os && !entry.cpu) continue;
    if (!found) return `${path} ${entry.version} is missing`;
    if (found.version !== entry.version || found.integrity !== entry.integrity) {
      return `${path} is ${found.version}, and package-lock.json asks for ${entry.version}`;
    }
    const missing = filesOf(path, entry).find((file) => !existsSync(join(root, file)));
    if (missing) return `${missing} is missing`;
  }
  const extra = Object.keys(installed).find((path) => !wanted[path]);
  return extra && `${extra} is not in package-lock.json`;
};

const isAlive = (processId) => {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** The process id of whoever installs into this folder now; undefined if nobody does. */
const findInstaller = () => {
  try {
    const processId = Number(readFileSync(lockFileOfInstall, 'utf8'));
    const age = Date.now() - statSync(lockFileOfInstall).mtimeMs;
    return isAlive(processId) && age < longestInstall ? processId : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Linking a finished file is atomic: nobody ever sees a lock without its owner's process id. A dead process's lock
 * is only removed here and taken at the next try, so that two who find it at once don't remove each other's.
 */
const takeLock = () => {
  const own = `${lockFileOfInstall}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, lockFileOfInstall);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (findInstaller() === undefined) rmSync(lockFileOfInstall, { force: true });
    return false;
  } finally {
    rmSync(own, { force: true });
  }
};

const waitForLock = async () => {
  let announced = false;
  while (!takeLock()) {
    const installer = findInstaller();
    if (installer !== undefined && !announced) {
      say(`Waiting for process ${installer}, which is installing the packages here.`);
      announced = true;
    }
    await delay(100 + Math.random() * 200);
  }
};

/** The npm that started us, on the Node that it runs on; else the one in PATH, but never from node_modules. */
const npmCommand = () => {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  return npm?.endsWith('npm-cli.js') && node ? [node, npm] : ['npm'];
};

/**
 * No package needs its install script (native parts come prebuilt), so none is run. Development packages are
 * installed even where NODE_ENV or npm's settings leave them out: the simulator and the tests are made of them.
 */
const installArguments = [
  'ci',
  '--include=dev',
  '--include=optional',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--loglevel=error',
];

/**
 * Whether whoever asked for the packages is still there: our shell, and the npm that runs the script, whose process id is our argument.
 * npm passes no hang-up on, and its shell outlives it.
 */
const parent = process.ppid;
const scriptRunner = Number(process.argv[2]);
const isWaitedFor = () => process.ppid === parent && (!(scriptRunner > 0) || isAlive(scriptRunner));

/** Runs npm ci and gives its exit code; ends it when we are told to stop, or when nobody waits for it any more. */
const install = () => {
  const [program, ...first] = npmCommand();
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.endsWith('node_modules/.bin'));
  const npm = spawn(program, [...first, ...installArguments], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, PATH: path.join(delimiter) },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => npm.kill(signal));
  const watch = setInterval(() => isWaitedFor() || npm.kill('SIGTERM'), 500);
  return new Promise((resolve) => {
    npm.once('error', (error) => resolve({ problem: `npm could not be started: ${error.message}` }));
    npm.once('exit', (code, signal) => resolve({ code, signal }));
  }).finally(() => clearInterval(watch));
};

/**
 * Puts the packaged Node where npm scripts find it first. npm 10 takes this link away again: it cleans up after the
 * package for the other processor, which names the same program.
 */
const linkNode = () => {
  const target = `../node-linux-${process.arch}/bin/node`;
  const link = join(root, 'node_modules/.bin/node');
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() && readlinkSync(link) === target) return;
  const unfinished = `${link}.${process.pid}`;
  symlinkSync(target, unfinished);
  renameSync(unfinished, link);
};

const bringsOwnNode = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (!bringsOwnNode && (major < 22 || (major === 22 && minor < 5))) {
  fail(`Ledgerbridge needs Node 22.5 or newer on this system, and this is Node ${process.versions.node}.`);
}

if (findMismatch()) {
  await waitForLock();
  process.once('exit', () => rmSync(lockFileOfInstall, { force: true }));
  const mismatch = findMismatch();
  if (mismatch) {
    say(`Installing the packages (${mismatch}); this takes up to a few minutes.`);
    const { code, signal, problem } = await install();
    if (problem) fail(`The packages could not be installed: ${problem}.`);
    if (signal || code !== 0) {
      fail(
        `The packages could not be installed: npm ci ended with ${signal ?? `exit code ${code}`}.`,
        code || 1,
      );
    }
    const remaining = findMismatch();
    if (remaining) fail(`npm ci succeeded, and yet ${remaining}. Is the package registry complete?`);
    say('The packages are installed.');
  }
}
if (bringsOwnNode) linkNode();
