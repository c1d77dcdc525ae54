/** Something that could not be judged, and why: never silence. A stream or a check may yield it in place of a subject or a draft. */
export interface Notice {
  readonly notice: 'not-judged' | 'degraded' | 'applied';
  readonly message: string;
  readonly path?: string;
  /** A verdict needed it: the run cannot end with exit code 0. */
  readonly needed?: true;
  /** Whose check said so, added by the engine; absent where a stream of subjects did. */
  readonly rule?: string;
}

/** Thrown where a check cannot go on with its subject: the notice stands in place of what it would have said. */
export class NotJudged extends Error {
  override readonly name = 'NotJudged';
  readonly notice: Notice;
  constructor(message: string) {
    super(message);
    this.notice = { notice: 'not-judged', message };
  }
}

export const isNotice = (value: unknown): value is Notice =>
  typeof value === 'object' && value !== null && 'notice' in value;
