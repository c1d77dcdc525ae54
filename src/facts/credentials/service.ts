/** Whoever issued a credential. Everything is said so that it stands in a sentence. */
export interface Service {
  /** "GitHub". */
  readonly owner: string;
  /** Follows "It opens": "repositories, packages and settings, in its owner's name". */
  readonly opens: string;
  /** In the imperative, without a full stop: "Delete it at https://github.com/settings/tokens". */
  readonly revoke: string;
}

/** What its finder must do. */
export const insteadOf = ({ revoke }: Service): string =>
  `${revoke}. Read the new one from the environment or a store of secrets: deleting the line takes nothing back.`;
