import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { FieldProblem } from '../input/field-problem.ts';

type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** The parts of a problem document (RFC 9457) that go on. */
interface ProblemDocument {
  title: string;
  detail?: string;
  errors?: FieldProblem[];
  correlationId: string;
}

const PROBLEM_TYPE = 'application/problem+json';

/**
 * Answers what was refused before an operation ran (a signature, a parameter), or failed, as everything else here is answered: with a
 * `message`, since that is what HubSpot can show.
 */
export const messageAnswers =
  (handler: HttpHandler): HttpHandler =>
  async (event, context) => {
    const answer = await handler(event, context);
    if (answer.headers?.['content-type'] !== PROBLEM_TYPE || answer.body === undefined) return answer;
    const { title, detail, errors, correlationId } = JSON.parse(answer.body) as ProblemDocument;
    return {
      ...answer,
      headers: { ...answer.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ message: detail ?? title, errors, correlationId }),
    };
  };
