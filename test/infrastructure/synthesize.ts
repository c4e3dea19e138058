import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The part of a CloudFormation template that the tests read. */
export interface Template {
  Resources: Record<string, Resource>;
}

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  Metadata?: Record<string, unknown>;
  DeletionPolicy?: string;
}

/** The repository's root, without a slash at the end. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/**
 * Runs `cdk synth` as a user does, in a process of its own: with the bundles, and without AWS credentials, Docker or a
 * home directory to find some in.
 *
 * @returns the folder of the cloud assembly, outside the repository
 * @throws Error with what was printed, if it failed, as it does for each finding of cdk-nag
 */
export async function synthesize(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'ledgerbridge-synth-'));
  const output = join(home, 'cdk.out');
  await promisify(execFile)(
    process.execPath,
    ['node_modules/aws-cdk/bin/cdk', 'synth', '--quiet', '--no-notices', '--output', output],
    {
      cwd: repository,
      env: {
        // As npx has it: the app and the bundler are started by name.
        PATH: [join(repository, 'node_modules/.bin'), process.env.PATH].join(delimiter),
        HOME: home,
        TMPDIR: home,
        CDK_DOCKER: 'no-docker-here',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    },
  );
  return output;
}

export const readTemplate = async (assembly: string, stack: string): Promise<Template> =>
  JSON.parse(await readFile(join(assembly, `${stack}.template.json`), 'utf8'));

/** The resources of one type, by logical id. */
export const resourcesOf = ({ Resources }: Template, type: string): [string, Resource][] =>
  Object.entries(Resources).filter(([, resource]) => resource.Type === type);

/** A function's environment variables: texts, or what CloudFormation is to put there. */
export const variablesOf = (properties: Record<string, unknown>): Record<string, unknown> =>
  (properties.Environment as { Variables: Record<string, unknown> }).Variables;
