/**
 * Judges a test by Jest's report. Pure. A test is red only by its own word: an expectation that was not met, or a
 * condition that it awaited in vain. A file that does not compile, a hook that fails, a service that is away, an
 * exception out of the product or a test that Jest has to stop prove nothing.
 */

const AWAITED_IN_VAIN = /^UntilTimeoutError: /;

/** Whether the test passes with the protection in place. */
function greenWithout(report, test) {
  const found = find(report, test);
  if ('why' in found) return bad(found.why);
  return found.one.status === 'passed' ? GOOD : bad(`it is ${found.one.status}: ${firstLines(found.one)}`);
}

/** Whether the test fails, by its own word, without the protection. */
function redWith(report, test) {
  const found = find(report, test);
  if ('why' in found) return bad(found.why);
  const { one } = found;
  if (one.status !== 'failed') return bad(`it is ${one.status}: it does not notice that the protection is gone`);
  const byItsOwnWord = one.failureMessages.some(
    (message, i) => one.failureDetails[i]?.matcherResult !== undefined || AWAITED_IN_VAIN.test(message),
  );
  return byItsOwnWord ? GOOD : bad(`it fails, but not by an expectation of its own: ${firstLines(one)}`);
}

const GOOD = { ok: true };
const bad = (why) => ({ ok: false, why });

function find(report, { file, name }) {
  if (report.broken !== undefined) return { why: `Jest gave no report: ${report.broken}` };
  const suite = report.testResults.find((one) => one.name.endsWith(`/${file}`));
  if (!suite) return { why: 'Jest did not run the file' };
  const matching = suite.assertionResults.filter(({ fullName }) => fullName === name);
  if (matching.length === 1) return { one: matching[0] };
  if (matching.length > 1) return { why: `the file has ${matching.length} tests of this name` };
  if (suite.assertionResults.length === 0) return { why: `the file did not run: ${suite.message.slice(0, 1000)}` };
  return { why: 'the file has no test of this name' };
}

function firstLines({ failureMessages }) {
  return failureMessages.join('\n').split('\n').slice(0, 8).join('\n    ');
}

module.exports = { greenWithout, redWith };
