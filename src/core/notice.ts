/** Something that could not be judged, and why: never silence. A stream or a check may yield it in place of a subject or a draft. */
export interface Notice {
  readonly notice: 'not-judged' | 'degraded' | 'applied';
  readonly message: string;
  readonly path?: string;
  /** A verdict needed it: the run cannot end with exit code 0. */
  readonly needed?: true;
}

export const isNotice = (value: unknown): value is Notice =>
  typeof value === 'object' && value !== null && 'notice' in value;
