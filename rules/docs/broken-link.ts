import { glob } from '../../src/core/globs.ts';
import { isNotice } from '../../src/core/notice.ts';
import { defineRule } from '../../src/core/rule.ts';
import { brokenLinks } from '../../src/facts/broken-links.ts';
import { change } from '../../src/facts/change.ts';

export default defineRule({
  id: 'docs/broken-link',
  title: 'Keep the links between documents whole',
  why: 'A reader who follows a link to nothing has no other way to what it promised.',
  instead: 'Point the link to where the text is now, or take it out.',
  severity: 'warning',
  sources: [
    'https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax',
  ],
  options: (z) =>
    z.strictObject({
      where: z
        .array(glob(z))
        .default(['**/*.{md,markdown}'])
        .describe('Globs of the documents whose links are followed.'),
      except: z
        .array(glob(z))
        .default([
          '**/{node_modules,vendor,third_party,fixtures,__fixtures__,testdata,__snapshots__,templates}/**',
          '**/{ISSUE_TEMPLATE,PULL_REQUEST_TEMPLATE}/**',
          '**/{issue_template,pull_request_template,PULL_REQUEST_TEMPLATE,ISSUE_TEMPLATE}.md',
        ])
        .describe('Globs of documents that are left alone: copies, samples, and texts that are shown elsewhere.'),
    }),

  over: change,
  async *check(set, { options }) {
    for await (const broken of brokenLinks(set, options)) {
      if (isNotice(broken)) yield broken;
      else {
        const { says, at, about } = broken;
        yield { message: says, at, about };
      }
    }
  },

  examples: {
    bad: [
      {
        head: {
          'README.md': 'See «[setup](docs/setup.md)» and «![plan](plan.png?raw=true)», or [y].\n\n«[y]: docs/y.md»\n',
          'docs/setup.txt': '',
        },
      },
      {
        title: 'a heading that is not there',
        head: { 'a.md': '# One\n\n«[up](#two)» «[b](b.md#three)»\n', 'b.md': '# Two\n' },
      },
      {
        title: 'on a server, letters count',
        head: { 'a.md': '«[b](B.md)»', 'b.md': '' },
      },
      {
        title: 'in HTML',
        head: { 'a.md': '<p align="center">\n  «<img width="9" src="logo.svg"»>\n</p>\n' },
      },
      {
        title: 'a file is taken away that others point to',
        base: { 'a.md': '[b](docs/b.md)', 'docs/b.md': 'b' },
        head: { 'a.md': '[b](docs/b.md)' },
        gone: ['docs/b.md'],
      },
      {
        title: 'a heading is taken away that others point to',
        base: { 'a.md': '[b](docs/b.md#old-name)', 'docs/b.md': '# Old name\n' },
        head: { 'a.md': '[b](docs/b.md#old-name)', '«docs/b.md»': '# New name\n' },
      },
    ],
    good: [
      {
        head: {
          'README.md':
            '[a](docs/a%20b.md#what-it-does--why), [folder](docs/), [top](#), [code](src/x.ts#L1-L9), [web](https://example.com/no.md)\n',
          'docs/a b.md':
            '# What it does & why\n## [linked](../README.md) `code`\n[here](#linked-code) [up](/README.md)\n',
          'src/x.ts': '',
        },
      },
      {
        title: 'anchors that nobody wrote as headings',
        head: {
          'a.md':
            '<a name="Old"></a>\n## Set up {#setup}\n[x](#old) [y](#setup) [z](#user-content-old)[^1]\n\n[^1]: A note.\n',
        },
      },
      {
        title: 'pages beside the files',
        head: { 'docs/a.md': '[issues](../../../issues) [wiki](../../../wiki/Home)' },
      },
      {
        title: 'in code, nothing is a link',
        head: { 'a.md': '`[a](b.md)`\n\n```md\n[a](b.md)\n```\n<!-- [a](b.md) -->\n' },
      },
      { title: 'placeholders', head: { 'a.md': '[a]({{ page.url }}) [b](${x}) ![c](<%= y %>)' } },
      {
        title: 'a site has addresses of its own',
        head: {
          'docs/mkdocs.yml': '',
          'docs/guide/a.md': '[b](../setup/) [c](/img/c.png) [d](d.md)',
          'docs/guide/d.md': '',
        },
      },
      {
        title: 'pages without their extension',
        head: { 'docs/a.md': '[b](b) [c](./c.html) [d](d)', 'docs/b.md': '', 'docs/c.md': '', 'docs/d/index.md': '' },
      },
      {
        title: 'old ones are for an audit',
        base: { 'a.md': '[b](b.md)\n' },
        head: { 'a.md': '[b](b.md)\n\nMore.\n' },
      },
    ],
  },
});
