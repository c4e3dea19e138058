const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EPIPE',
]);

const codeOf = (error: Error): string | undefined =>
  'code' in error && typeof error.code === 'string' ? error.code : undefined;

/**
 * A failure as a sentence with what to do about it. What nobody foresaw keeps its stack: that is for whoever mends the tool.
 */
export function explainFailure(error: unknown): string {
  if (!(error instanceof Error)) return `The tool failed: ${String(error)}`;
  return known(error) ?? error.stack ?? error.message;
}

function known(error: Error): string | undefined {
  switch (error.name) {
    case 'ResourceNotFoundException':
      return `AWS has no such thing in this account and region: ${error.message}`;
    case 'AccessDeniedException':
      return `These credentials may not do that: ${error.message}`;
    case 'CredentialsProviderError':
      return 'No AWS credentials were found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. For the running simulator, pass the --endpoint that it prints.';
    case 'UnrecognizedClientException':
    case 'InvalidSignatureException':
    case 'InvalidClientTokenId':
    case 'ExpiredTokenException':
      return `AWS refuses these credentials: ${error.message}`;
    case 'TimeoutError':
      return `The service did not answer in time: ${error.message}`;
    case 'ThrottlingException':
    case 'ProvisionedThroughputExceededException':
      return `AWS asks to go slower: ${error.message} Run the tool again later.`;
  }
  if (error.message === 'Region is missing') {
    return 'No AWS region is set: set AWS_REGION. For the running simulator, pass the --endpoint that it prints.';
  }
  const code = codeOf(error);
  if (code !== undefined && NETWORK_CODES.has(code)) {
    const told = `The service can't be reached: ${error.message || code}.`;
    return code === 'ECONNREFUSED'
      ? `${told} Nothing listens there; the simulator has other addresses at each start, and prints them.`
      : told;
  }
  // A file: ENOENT, EACCES, ENOSPC … Node's sentence names the path.
  if (code !== undefined && 'syscall' in error && 'path' in error) return `${error.message}.`;
  return undefined;
}
