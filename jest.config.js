/** One project a suite, so that each can be run alone: `npm run test:unit`, `test:storage`, … */
const suite = (name, directory = name) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${directory}/**/*.test.ts`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '\\.tsx?$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript', tsx: false } } }],
  },
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.local'],
});

export default {
  projects: [
    suite('unit'),
    suite('integration'),
    suite('storage'),
    suite('infrastructure'),
    suite('browser'),
  ],
  testTimeout: 30_000,
};
