import type { Catalogue } from '../core/rule.ts';
import { rules } from '../../rules/index.ts';
import { presets } from '../../rules/presets.ts';

export const catalogue: Catalogue = { rules, presets };
