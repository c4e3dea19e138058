import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Template as Assertions } from 'aws-cdk-lib/assertions';
import { resourceName } from './access-rights.ts';
import { repository, resourcesOf, type Template, variablesOf } from './synthesize.ts';
import { ledgerbridgeWith, templatesOf } from './templates.ts';

const { data, service } = templatesOf(ledgerbridgeWith());

const page = (name: string): Promise<string> => readFile(join(repository, 'docs', name), 'utf8');
/** A page's text without its line ends, so that a sentence can be looked for. */
const textOf = async (name: string): Promise<string> => (await page(name)).replace(/\s+/g, ' ');

describe('the page about deploying', () => {
  const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
  const inWords = (count: number): string => [...WORDS, 'eleven', 'twelve', 'thirteen'][count] ?? '';
  const count = (template: Assertions, type: string, id = /./): number =>
    Object.keys(template.findResources(type)).filter((logicalId) => id.test(logicalId)).length;

  test('counts what is created', async () => {
    const text = await textOf('deploying.md');
    const secrets = count(data, 'AWS::SecretsManager::Secret');
    for (const counted of [
      `${inWords(count(data, 'AWS::DynamoDB::GlobalTable'))} DynamoDB tables`,
      `${inWords(secrets)} secrets, the EventBridge bus`,
      `${inWords(count(service, 'AWS::Lambda::Function'))} Lambda functions`,
      `${inWords(count(service, 'AWS::Scheduler::Schedule'))} schedules`,
      `${inWords(count(service, 'AWS::SQS::Queue', /DeadLetters/))} dead-letter queues`,
      `${count(service, 'AWS::CloudWatch::Alarm')} alarms`,
    ])
      expect(text).toContain(counted);
  });

  test('reckons with the secrets and the alarms that cost something at rest', async () => {
    const text = await textOf('deploying.md');
    const secrets = count(data, 'AWS::SecretsManager::Secret');
    expect(text).toContain(`${(secrets * 0.4).toFixed(2)} for the ${inWords(secrets)} secrets`);
    // An alarm on an expression costs as much as one on each of its metrics.
    const watched = Object.values(service.findResources('AWS::CloudWatch::Alarm'))
      .map(({ Properties }) => (Properties.Metrics ?? [{ MetricStat: {} }]) as { MetricStat?: object }[])
      .flatMap((metrics) => metrics.filter(({ MetricStat }) => MetricStat)).length;
    expect(text).toContain(
      `${((watched - 10) * 0.1).toFixed(2)} for the alarms, which watch ${watched} metrics`,
    );
    expect(text).toContain(`(${(watched * 0.1).toFixed(2)} where others use those up)`);
  });

  test('names the limits of the routes', async () => {
    const [stage] = Object.values(service.findResources('AWS::ApiGatewayV2::Stage'));
    const { DefaultRouteSettings, RouteSettings } = stage?.Properties ?? {};
    const limits = ({ ThrottlingRateLimit, ThrottlingBurstLimit }: Record<string, number>) =>
      [ThrottlingRateLimit, ThrottlingBurstLimit] as const;
    const [rate, burst] = limits(DefaultRouteSettings);
    const [rateForPeople, burstForPeople] = limits(RouteSettings['GET /hubspot/card']);
    const text = await textOf('deploying.md');
    expect(text).toContain(`takes ${rate} requests a second and ${burst} at once`);
    expect(text).toContain(`takes ${rateForPeople} a second and ${burstForPeople} at once`);
  });
});

test('the page about events says for how long the bus is tried again', async () => {
  const [bus] = Object.values(
    service.findResources('AWS::Lambda::EventSourceMapping', {
      Properties: { FunctionName: { Ref: 'PublisherFunction' } },
    }),
  );
  expect(bus?.Properties.MaximumRecordAgeInSeconds).toBe(2 * 3600);
  expect(await textOf('events.md')).toContain('tried again for two hours, then lies in a dead-letter queue');
});

test('the page about SAM CLI names the right output for everything that only CloudFormation knows', async () => {
  const rows = [...(await page('debugging-with-sam.md')).matchAll(/^ *\| `([A-Z_]+)` \| `(\w+)` \|$/gm)];
  const outputs = { ...data.findOutputs('*'), ...service.findOutputs('*') };
  const named = rows.map(([, variable, output = '']) => [variable, resourceName(outputs[output]?.Value)]);
  const [[, card] = []] = resourcesOf(service.toJSON() as Template, 'AWS::Lambda::Function');
  const unresolved = Object.entries(variablesOf(card?.Properties ?? {})).filter(
    ([name, value]) => typeof value !== 'string' && name !== 'PUBLIC_BASE_URL',
  );
  expect(named.sort()).toEqual(unresolved.map(([name, value]) => [name, resourceName(value)]).sort());
});
