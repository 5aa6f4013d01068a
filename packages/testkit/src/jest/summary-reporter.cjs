/** Ends a run with one plain line, and names every test that was skipped: nothing is left out silently. */
module.exports = class SummaryReporter {
  onRunComplete(_contexts, results) {
    const skipped = results.testResults
      .flatMap(({ testResults }) => testResults)
      .filter(({ status }) => status === 'pending' || status === 'todo');
    if (skipped.length > 0) console.log(`\nSKIPPED, with the reason in the name:`);
    for (const { fullName } of skipped) console.log(`  - ${fullName}`);
    console.log(
      `\nTests: ${results.numPassedTests} passed, ${results.numFailedTests} failed, ${results.numPendingTests} skipped`,
    );
  }
};
