import { type Route, routes } from '../../functions/routes.ts';

export interface RouteMatch {
  route: Route;
  pathParameters: Record<string, string>;
}

/**
 * Finds the route as API Gateway's HTTP APIs do: a path without variables first, then by segments, then greedy ones; a named method
 * before ANY. `path` is decoded already. Undefined where no route takes it.
 */
export function matchRoute(method: string, path: string): RouteMatch | undefined {
  for (const candidate of CANDIDATES) {
    if (candidate.route.method !== method && candidate.route.method !== 'ANY') continue;
    const match = candidate.pattern.exec(path);
    if (match) return { route: candidate.route, pathParameters: { ...match.groups } };
  }
  return undefined;
}

const patternOf = ({ path }: Route): RegExp =>
  new RegExp(
    `^${path
      .replaceAll('.', '\\.')
      .replace(/\{(\w+)\+\}/g, '(?<$1>.+)')
      .replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`,
    's',
  );

/** Higher is tried first. */
function precision({ path, method }: Route): number {
  const greedy = path.includes('+}') ? 0 : 1000;
  const variables = (path.match(/\{/g) ?? []).length;
  return greedy + path.split('/').length * 10 - variables * 2 + (method === 'ANY' ? 0 : 1);
}

const CANDIDATES = routes
  .map((route: Route) => ({ route, pattern: patternOf(route) }))
  .sort((a, b) => precision(b.route) - precision(a.route));
