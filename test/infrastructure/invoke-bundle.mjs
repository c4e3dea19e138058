/**
 * Stands in for Lambda's runtime: loads a bundled handler (`index.handler` under a folder), calls it with each event that
 * its parent sends, and sends back what it answered. It leaves when it is told to.
 *
 *     node invoke-bundle.mjs <folder> <Handler of the template>
 */
const [, , folder, handlerName] = process.argv;
const [file, exportName] = handlerName.split('.');

process.on('message', async (invocation) => {
  if (invocation === 'leave') {
    process.disconnect();
    return;
  }
  const { event, remainingMs } = invocation;
  const context = {
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${process.env.AWS_LAMBDA_FUNCTION_NAME}`,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: '00000000-0000-4000-8000-000000000000',
    getRemainingTimeInMillis: () => remainingMs,
  };
  const { [exportName]: handler } = await import(`${folder}/${file}.mjs`);
  process.send({ answer: await handler(event, context) });
});
