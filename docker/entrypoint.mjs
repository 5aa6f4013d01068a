// What the image runs: `campaign-manager <role> [args...]`. The role's own code takes over in this very process.

const ROLES = {
  scheduler: { tells: 'finds what is due and hands it out', app: '../apps/scheduler/dist/main.js' },
  worker: { tells: 'decides and delivers', app: '../apps/worker/dist/main.js' },
  api: { tells: 'takes campaigns and replies in, shows progress', app: '../apps/api/dist/main.js' },
  migrate: {
    tells: 'prepares MongoDB for this version, then ends',
    app: '../apps/cli/dist/main.js',
    first: ['migrate'],
  },
  campaign: { tells: 'the command for people: campaign --help', app: '../apps/cli/dist/main.js', first: [] },
};

/** EX_USAGE of sysexits.h. */
const EXIT_USAGE = 64;

const [name, ...args] = process.argv.slice(2);
const role = Object.hasOwn(ROLES, name ?? '') ? ROLES[name] : undefined;

if (name === '--help') {
  const lines = Object.entries(ROLES).map(([each, { tells }]) => `  ${each.padEnd(11)}${tells}`);
  console.log(['Usage: <image> <role> [args...]', '', ...lines, '', 'Settings are environment variables.'].join('\n'));
} else if (role === undefined) {
  const found = name === undefined ? 'No role is given' : `There is no role ${JSON.stringify(name)}`;
  console.error(`${found}; expected one of ${Object.keys(ROLES).join(', ')}.`);
  process.exitCode = EXIT_USAGE;
} else {
  endWhileNobodyListens();
  // The worker starts its processes with `process.argv`, so an app keeps it; the command reads its own arguments there.
  if (role.first) process.argv = [process.argv[0], 'campaign', ...role.first, ...args];
  await import(role.app);
}

/**
 * The kernel withholds the default action of signals from process 1, so that an app which still waits for MongoDB would
 * not end when it is told to. As soon as the app listens itself, this does nothing.
 */
function endWhileNobodyListens() {
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ]) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(code);
    });
  }
}
