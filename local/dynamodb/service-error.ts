import type { JsonObject, ReportedError } from 'dynalite/db/index.js';

/** An error of the DynamoDB API: `__type` and message as the service spells them, HTTP status 400 unless told. */
export class ServiceError extends Error implements ReportedError {
  readonly statusCode: number;
  readonly body: JsonObject;

  constructor(body: JsonObject, statusCode = 400) {
    super(String(body.message ?? body.Message ?? body.__type));
    this.name = 'ServiceError';
    this.body = body;
    this.statusCode = statusCode;
  }
}

/** An error that the DynamoDB service itself defines, such as `TransactionCanceledException`. */
export function dynamoDBError(name: string, message: string, details: JsonObject = {}): ServiceError {
  return new ServiceError({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message, ...details });
}

/** An error of the framework that DynamoDB's API stands on. */
export function coralError(name: string, message: string): ServiceError {
  return new ServiceError({ __type: `com.amazon.coral.service#${name}`, message });
}

/** A request that breaks a rule of the API whatever the stored data. */
export function validationError(message: string): ServiceError {
  return new ServiceError({ __type: 'com.amazon.coral.validate#ValidationException', message });
}

/** Whether an error is one to report to the caller (ours or dynalite's own) and not a fault of the engine. */
export function isReported(error: unknown): error is ReportedError {
  return error instanceof Error && 'statusCode' in error && 'body' in error;
}

/** The last part of a reported error's type, such as `ConditionalCheckFailedException`. */
export function errorName(error: ReportedError): string {
  return String(error.body.__type).split('#').at(-1) ?? '';
}
