// Runs before every test file. A suite that was started from a Git hook inherits GIT_DIR and GIT_INDEX_FILE of the
// repository that is being committed to: without this, the repositories of the tests would write into that one. HUSKY=0
// would turn their hooks off.
for (const name of Object.keys(process.env)) {
  if (/^(GIT_|GITHEAD_|HUSKY)/.test(name)) delete process.env[name];
}
Object.assign(process.env, {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  XDG_CONFIG_HOME: '/dev/null',
});
