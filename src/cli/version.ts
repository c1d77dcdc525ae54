/** Set by the build. */
export const VERSION: string = process.env.REPOLICY_VERSION ?? '0.0.0';

/** Names this build among others of the same version. */
export const BUILD: string = process.env.REPOLICY_BUILD ?? 'source';
