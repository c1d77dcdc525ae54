import { secretRule } from './_format.ts';

export default secretRule({
  id: 'secrets/pypi-token',
  title: 'Do not commit a PyPI token',
  why: 'Whoever holds it can publish a version of the package that its users then install and run.',
  instead: 'Remove it at https://pypi.org/manage/account/token/, and publish from the build without any token.',
  sources: ['https://docs.pypi.org/trusted-publishers/'],
});
