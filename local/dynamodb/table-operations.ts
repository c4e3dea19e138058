import createTable from 'dynalite/actions/createTable.js';
import deleteTable from 'dynalite/actions/deleteTable.js';
import describeTable from 'dynalite/actions/describeTable.js';
import listTables from 'dynalite/actions/listTables.js';
import listTagsOfResource from 'dynalite/actions/listTagsOfResource.js';
import tagResource from 'dynalite/actions/tagResource.js';
import untagResource from 'dynalite/actions/untagResource.js';
import updateTable from 'dynalite/actions/updateTable.js';
import type { JsonObject, TableDescription } from 'dynalite/db/index.js';
import createTableRules from 'dynalite/validations/createTable.js';
import deleteTableRules from 'dynalite/validations/deleteTable.js';
import describeTableRules from 'dynalite/validations/describeTable.js';
import listTablesRules from 'dynalite/validations/listTables.js';
import listTagsOfResourceRules from 'dynalite/validations/listTagsOfResource.js';
import tagResourceRules from 'dynalite/validations/tagResource.js';
import untagResourceRules from 'dynalite/validations/untagResource.js';
import updateTableRules from 'dynalite/validations/updateTable.js';
import { contentsOf } from './key-layout.ts';
import type { Operation } from './operation.ts';
import { type RequestSchema, validateRequest } from './request-validation.ts';
import type { StagedStore } from './staged-store.ts';
import { type Action, runAction, type StorageEngine } from './storage-engine.ts';
import { describeWithStream, parseStreamSpecification, withStream } from './stream-specification.ts';
import { settingsOperation, type TableSettings } from './table-settings.ts';

/** The operations on tables: dynalite's own actions, with streams added and each committed as one atomic batch. */
export const tableOperations: Record<string, Operation> = {
  ListTables: reading(listTables, listTablesRules),
  ListTagsOfResource: reading(listTagsOfResource, listTagsOfResourceRules),
  TagResource: tagging(tagResource, tagResourceRules),
  UntagResource: tagging(untagResource, untagResourceRules),

  DescribeTable: async (engine, request) => {
    const { table } = await readTable(engine, validateRequest(request, describeTableRules));
    return { Table: describeWithStream(table, engine.settings.of(table.TableName)) };
  },

  CreateTable: (engine, request) => {
    const stream = parseStreamSpecification(request.StreamSpecification);
    const known = validateRequest(request, createTableRules);
    return engine.writes.run(async () => {
      const { table, store } = await runTableAction(engine, createTable, known);
      const settings = stream === undefined ? {} : withStream({}, table, stream, engine.clock());
      // A process that ended while it deleted a table of this name may have left items behind.
      await clearContents(engine, table.TableName);
      return commitTable(engine, store, table, settings);
    });
  },

  UpdateTable: (engine, request) => {
    const stream = parseStreamSpecification(request.StreamSpecification);
    const { StreamSpecification: _stream, ...rest } = request;
    const changesOnlyStream =
      stream !== undefined && Object.keys(rest).every((field) => field === 'TableName');
    const known = validateRequest(rest, changesOnlyStream ? describeTableRules : updateTableRules);
    return engine.writes.run(async () => {
      const { table, store } = changesOnlyStream
        ? await readTable(engine, known)
        : await runTableAction(engine, updateTable, known);
      const settings = engine.settings.of(table.TableName);
      const next = stream === undefined ? settings : withStream(settings, table, stream, engine.clock());
      return commitTable(engine, store, table, next);
    });
  },

  DeleteTable: (engine, request) => {
    const known = validateRequest(request, deleteTableRules);
    return engine.writes.run(async () => {
      const { table, store } = await runTableAction(engine, deleteTable, known);
      const answer = await commitTable(engine, store, table, undefined);
      await clearContents(engine, table.TableName);
      return answer;
    });
  },
};

function reading(action: Action, rules: RequestSchema): Operation {
  return (engine, request) => runAction(action, engine.newStore(), validateRequest(request, rules));
}

function tagging(action: Action, rules: RequestSchema): Operation {
  return (engine, request) => {
    const known = validateRequest(request, rules);
    return engine.writes.run(async () => {
      const store = engine.newStore();
      const answer = await runAction(action, store, known);
      await engine.commit({ operations: store.recordOperations });
      return answer;
    });
  };
}

/** A table as an action answers it, and the store that holds what the action wrote. */
interface TableAnswer {
  table: TableDescription;
  store: StagedStore;
}

/** Runs an action on a table until the table has arrived in its new state; the answer is of the moment it set out. */
async function runTableAction(
  engine: StorageEngine,
  action: Action,
  request: JsonObject,
): Promise<TableAnswer> {
  const store = engine.newStore();
  const { TableDescription } = await runAction(action, store, request);
  const table = JSON.parse(JSON.stringify(TableDescription)) as TableDescription;
  await store.tableSettled;
  return { table, store };
}

async function readTable(engine: StorageEngine, request: JsonObject): Promise<TableAnswer> {
  const store = engine.newStore();
  const { Table } = await runAction(describeTable, store, request);
  return { table: Table as TableDescription, store };
}

async function commitTable(
  engine: StorageEngine,
  store: StagedStore,
  table: TableDescription,
  settings: TableSettings | undefined,
): Promise<JsonObject> {
  const answer = {
    TableDescription: describeWithStream(table, settings ?? engine.settings.of(table.TableName)),
  };
  await engine.commit({
    operations: [...store.recordOperations, settingsOperation(table.TableName, settings)],
  });
  engine.settings.set(table.TableName, settings);
  return answer;
}

async function clearContents(engine: StorageEngine, table: string): Promise<void> {
  for (const prefix of contentsOf(table)) await engine.clear(prefix);
}
