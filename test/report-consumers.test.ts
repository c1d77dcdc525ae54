import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { Finding } from '../src/core/finding.ts';
import { reporters } from '../src/report/index.ts';
import type { Reported } from '../src/report/report.ts';
import { catalogue } from '../src/cli/catalogue.ts';
import { FILES, FINDINGS, richReport } from './report-fixture.ts';

// Each format against those who read it: a schema where they publish one, else one that says what their documentation says.

const HOSTILE =
  '::error::x ##[error]y \u001b[2J\u202e <script>alert(1)</script> &lt; "\' ]]> --> | ` [a](javascript:b) @team #1 \r\n%0A';
const hostile: readonly Finding[] = [
  ...[...FILES.keys()].map((path, at): Finding => ({
    rule: 'sql/drop-column',
    severity: (['error', 'warning', 'info'] as const)[at % 3]!,
    message: HOSTILE,
    at: { path, range: [0, 1] },
    about: HOSTILE,
    fingerprint: `h${at}`,
    status: 'reported',
  })),
  {
    rule: 'sql/drop-column',
    severity: 'error',
    message: HOSTILE,
    at: { path: HOSTILE },
    about: 'x',
    fingerprint: 'hp',
    status: 'reported',
  },
  {
    rule: 'sql/drop-column',
    severity: 'error',
    message: HOSTILE,
    at: { commit: '3f2a91c0b1de' },
    about: 'y',
    fingerprint: 'hc',
    status: 'reported',
  },
  {
    rule: 'sql/drop-column',
    severity: 'error',
    message: HOSTILE,
    at: {},
    about: 'z',
    fingerprint: 'ha',
    status: 'allowed',
    reason: HOSTILE,
  },
];
const CASES: readonly (readonly [string, Partial<Reported>])[] = [
  ['everything that a report can hold', {}],
  ['nothing', { findings: [], notices: [] }],
  [
    'hostile names and words',
    { findings: hostile, notices: [{ notice: 'not-judged', message: HOSTILE, path: HOSTILE, needed: true }] },
  ],
  ['no file at all', { findings: FINDINGS.filter(({ at }) => at.path === undefined) }],
];
const print = async (format: string, more?: Partial<Reported>) => reporters[format]!(await richReport(more));

function holds(schema: object, value: unknown): void {
  const formats = {
    uri: (text: string) => URL.canParse(text),
    'uri-reference': (text: string) => URL.canParse(text, 'https://x.example/') && !/[\s<>"\\^`{|}]/.test(text),
    'date-time': (text: string) => !Number.isNaN(Date.parse(text)),
  };
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false, formats });
  ajv.validate(schema, value);
  expect(ajv.errors ?? []).toEqual([]);
}

describe('SARIF', () => {
  const file = 'node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';
  // It names draft 4 of JSON Schema, and uses nothing that later drafts read otherwise.
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;

  test.each(CASES)('is valid by the schema of 2.1.0: %s', async (_, more) => {
    holds(schema, JSON.parse(await print('sarif', more)));
  });

  /** What GitHub's page on SARIF support requires, and where it cuts. */
  const GITHUB = {
    required: ['$schema', 'version', 'runs'],
    properties: {
      version: { const: '2.1.0' },
      runs: {
        maxItems: 20,
        items: {
          required: ['tool', 'results'],
          properties: {
            tool: {
              properties: {
                driver: {
                  required: ['name', 'semanticVersion', 'rules'],
                  properties: {
                    rules: {
                      maxItems: 25_000,
                      items: {
                        required: ['id', 'name', 'shortDescription', 'fullDescription', 'help', 'defaultConfiguration'],
                        properties: {
                          name: { maxLength: 255 },
                          shortDescription: { properties: { text: { type: 'string', minLength: 1, maxLength: 1024 } } },
                          fullDescription: { properties: { text: { type: 'string', minLength: 1, maxLength: 1024 } } },
                          help: { required: ['text', 'markdown'], properties: { text: { minLength: 1 } } },
                          defaultConfiguration: { properties: { level: { enum: ['note', 'warning', 'error'] } } },
                          properties: {
                            properties: {
                              tags: { maxItems: 10 },
                              'problem.severity': { enum: ['error', 'warning', 'recommendation'] },
                            },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
            results: {
              maxItems: 5000,
              items: {
                required: ['ruleId', 'message', 'locations', 'partialFingerprints'],
                properties: {
                  message: { required: ['text'], properties: { text: { minLength: 1 } } },
                  relatedLocations: { maxItems: 100 },
                  partialFingerprints: { required: ['primaryLocationLineHash'] },
                  locations: {
                    minItems: 1,
                    maxItems: 100,
                    items: {
                      required: ['physicalLocation'],
                      properties: {
                        physicalLocation: {
                          required: ['artifactLocation', 'region'],
                          properties: {
                            artifactLocation: {
                              required: ['uri'],
                              properties: { uri: { minLength: 1, pattern: '^(?![a-z]+:|/)' } },
                            },
                            region: { required: ['startLine'], properties: { startLine: { minimum: 1 } } },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  };

  test.each(CASES)('has what GitHub requires, within its limits: %s', async (_, more) => {
    holds(GITHUB, JSON.parse(await print('sarif', more)));
  });

  test('so has every rule of the catalogue, and 20,000 findings stay under ten megabytes when they are packed', async () => {
    const { rules } = catalogue;
    const findings = Array.from({ length: 20_000 }, (_, at): Finding => ({
      ...FINDINGS[0]!,
      about: `c${at}`,
      fingerprint: `f${at}`,
    }));
    const shown = await print('sarif', { findings, rules });
    const value = JSON.parse(shown) as object;
    holds(schema, value);
    holds(GITHUB, value);
    expect(gzipSync(shown).length).toBeLessThan(10 * 1024 * 1024);
  });
});

describe('GitLab Code Quality', () => {
  const SCHEMA = {
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['description', 'check_name', 'fingerprint', 'location', 'severity'],
      properties: {
        description: { type: 'string', minLength: 1 },
        check_name: { type: 'string', minLength: 1 },
        fingerprint: { type: 'string', pattern: '^[0-9a-f]{40}$' },
        severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
        location: {
          type: 'object',
          required: ['path', 'lines'],
          properties: {
            path: { type: 'string', minLength: 1, pattern: '^(?!\\./|/)' },
            lines: {
              required: ['begin'],
              properties: { begin: { type: 'integer', minimum: 1 }, end: { type: 'integer', minimum: 1 } },
            },
          },
        },
      },
    },
  };

  test.each(CASES)('is what its page describes: %s', async (_, more) => {
    const shown = await print('gitlab', more);
    // GitLab refuses a byte order mark.
    expect(shown.startsWith('[')).toBe(true);
    holds(SCHEMA, JSON.parse(shown));
  });
});

describe('rdjson', () => {
  const POSITION = {
    type: 'object',
    additionalProperties: false,
    required: ['line'],
    properties: { line: { type: 'integer', minimum: 1 }, column: { type: 'integer', minimum: 1 } },
  };
  const RANGE = {
    type: 'object',
    additionalProperties: false,
    required: ['start'],
    properties: { start: POSITION, end: POSITION },
  };
  /** DiagnosticResult of reviewdog's reviewdog.proto. */
  const SCHEMA = {
    type: 'object',
    additionalProperties: false,
    required: ['source', 'diagnostics'],
    properties: {
      source: { required: ['name'], properties: { name: { type: 'string' } } },
      diagnostics: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['message', 'location'],
          properties: {
            message: { type: 'string', minLength: 1 },
            location: {
              additionalProperties: false,
              required: ['path'],
              properties: { path: { type: 'string' }, range: RANGE },
            },
            severity: { enum: ['UNKNOWN_SEVERITY', 'ERROR', 'WARNING', 'INFO'] },
            code: {
              additionalProperties: false,
              required: ['value'],
              properties: { value: { type: 'string' }, url: { type: 'string' } },
            },
            suggestions: {
              items: {
                additionalProperties: false,
                required: ['range', 'text'],
                properties: { range: RANGE, text: { type: 'string' } },
              },
            },
          },
        },
      },
    },
  };

  test.each(CASES)('is a DiagnosticResult: %s', async (_, more) => {
    holds(SCHEMA, JSON.parse(await print('rdjson', more)));
  });
});

/** An XML Schema of what is read, checked by libxml. */
async function holdsXml(schema: string, contents: string): Promise<void> {
  const { errors } = await validateXML({
    xml: [{ fileName: 'report.xml', contents }],
    schema: [`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${schema}</xs:schema>`],
  });
  expect(errors.map(({ message }) => message)).toEqual([]);
}

describe('JUnit', () => {
  // What Jenkins, GitLab, Azure and CircleCI read in common. Counts, names and classes are required by at least one.
  const outcome = (name: string) =>
    `<xs:element name="${name}"><xs:complexType mixed="true"><xs:attribute name="message" type="xs:string"/><xs:attribute name="type" type="xs:string"/></xs:complexType></xs:element>`;
  const counts = ['tests', 'failures', 'errors', 'skipped']
    .map((name) => `<xs:attribute name="${name}" type="xs:nonNegativeInteger" use="required"/>`)
    .join('');
  const SCHEMA = `
    <xs:element name="testsuites"><xs:complexType><xs:sequence>
      <xs:element name="testsuite" maxOccurs="unbounded"><xs:complexType><xs:sequence>
        <xs:element name="testcase" maxOccurs="unbounded"><xs:complexType>
          <xs:choice minOccurs="0">${['failure', 'error', 'skipped'].map(outcome).join('')}<xs:element name="system-out" type="xs:string"/></xs:choice>
          <xs:attribute name="name" type="xs:string" use="required"/><xs:attribute name="classname" type="xs:string" use="required"/>
          <xs:attribute name="line" type="xs:positiveInteger"/>
        </xs:complexType></xs:element>
      </xs:sequence><xs:attribute name="name" type="xs:string" use="required"/>${counts}</xs:complexType></xs:element>
    </xs:sequence><xs:attribute name="name" type="xs:string"/>${counts}</xs:complexType></xs:element>`;

  test.each(CASES)('is what test reporters read: %s', async (_, more) => {
    await holdsXml(SCHEMA, await print('junit', more));
  });
});

describe('Checkstyle', () => {
  const SCHEMA = `
    <xs:element name="checkstyle"><xs:complexType><xs:sequence>
      <xs:element name="file" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
        <xs:element name="error" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
          <xs:attribute name="line" type="xs:positiveInteger"/><xs:attribute name="column" type="xs:positiveInteger"/>
          <xs:attribute name="severity" use="required"><xs:simpleType><xs:restriction base="xs:string">
            <xs:enumeration value="ignore"/><xs:enumeration value="info"/><xs:enumeration value="warning"/><xs:enumeration value="error"/>
          </xs:restriction></xs:simpleType></xs:attribute>
          <xs:attribute name="message" type="xs:string" use="required"/><xs:attribute name="source" type="xs:string" use="required"/>
        </xs:complexType></xs:element>
      </xs:sequence><xs:attribute name="name" type="xs:string" use="required"/></xs:complexType></xs:element>
    </xs:sequence><xs:attribute name="version" type="xs:string" use="required"/></xs:complexType></xs:element>`;

  test.each(CASES)('is what Checkstyle itself writes: %s', async (_, more) => {
    await holdsXml(SCHEMA, await print('checkstyle', more));
  });
});

interface Node {
  readonly type: string;
  readonly value?: string;
  readonly url?: string;
  readonly children?: readonly Node[];
}
const nodes = (tree: Node): Node[] => [tree, ...(tree.children ?? []).flatMap(nodes)];

describe('GitHub', () => {
  test.each(CASES)('nine annotations and a line at most, and no command but ours: %s', async (_, more) => {
    const lines = (await print('github', more)).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(10);
    for (const line of lines) {
      expect(line).toMatch(
        /^(?:::(?:error|warning|notice)(?: [a-zA-Z]+=[^:,\s]+(?: [^:,]*)?(?:,[a-zA-Z]+=[^:,]*)*)?::|repolicy: )/,
      );
      expect(line.replace(/^::[^:]*::/, '')).not.toMatch(/##\[|[\u0000-\u001f\u202e]/);
    }
  });

  test.each(CASES)(
    'a job summary under a mebibyte, in which nothing is a tag, a link or a mention: %s',
    async (_, more) => {
      const shown = await print('github-summary', more);
      expect(Buffer.byteLength(shown)).toBeLessThan(1024 * 1024);
      const tree = nodes(fromMarkdown(shown) as Node);
      expect(new Set(tree.flatMap(({ type, value }) => (type === 'html' ? value : [])))).toEqual(
        new Set(shown.includes('<!-- -->') ? ['<!-- -->'] : []),
      );
      for (const { url } of tree) if (url !== undefined) expect(url).toMatch(/^https:\/\/example\.com\/rules\//);
      expect(shown).not.toMatch(/[\u001b\u202e]/);
    },
  );
});

test('no format lets hostile words move a screen, a log or a page', async () => {
  for (const [name, reporter] of Object.entries(reporters)) {
    const shown = reporter(await richReport({ findings: hostile }));
    expect(shown, name).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(shown, name).not.toMatch(/##\[error\]/);
    if (!['github', 'json', 'jsonl', 'sarif', 'gitlab', 'rdjson'].includes(name))
      expect(shown, name).not.toMatch(/^\s*::error/m);
  }
});
