// Prints a software bill of materials (SPDX 2.3, JSON) of a production install. `npm sbom` omits
// packages that are also development dependencies, and bundled libraries.
// Usage: `node sbom.mjs ROOT NAME@VERSION…`. Each NAME@VERSION is a program beside the packages.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [root, ...programs] = process.argv.slice(2);

const packages = [...installed(), ...bundled(), ...programs.map((program) => debianPackage(program))].sort(
  (a, b) => (a.SPDXID < b.SPDXID ? -1 : 1),
);
const digest = createHash('sha256').update(JSON.stringify(packages)).digest('hex');
const product = packages.find(({ name }) => name === 'drumline');
const document = {
  spdxVersion: 'SPDX-2.3',
  dataLicense: 'CC0-1.0',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: `drumline-image-${product.versionInfo}`,
  documentNamespace: `https://drumline.dev/spdx/${digest}`,
  creationInfo: { created: creationTime(), creators: ['Tool: drumline docker/sbom.mjs'] },
  documentDescribes: [product.SPDXID],
  packages,
  relationships: packages
    .filter((entry) => entry !== product)
    .map(({ SPDXID }) => ({
      spdxElementId: product.SPDXID,
      relationshipType: 'CONTAINS',
      relatedSpdxElement: SPDXID,
    })),
};
process.stdout.write(`${JSON.stringify(document, null, 1)}\n`);

/** Packages that npm has installed, and the packages of this repository. */
function* installed() {
  const lock = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8'));
  const seen = new Set();
  for (const [
    path,
    { link, name = path.replace(/^.*(node_modules|packages)\//, ''), ...entry },
  ] of Object.entries(lock.packages)) {
    const id = `${name}@${entry.version}`;
    if (link || seen.has(id) || !existsSync(join(root, path))) continue;
    seen.add(id);
    yield npmPackage(name, entry);
  }
}

/** Libraries in one file each. The first line of the file names them. */
function* bundled() {
  const folder = join(root, 'packages/wire/dist/vendor');
  for (const file of readdirSync(folder).filter((entry) => entry.endsWith('.js'))) {
    const banner = /^\/\* (\S+) (\S+), bundled/.exec(readFileSync(join(folder, file), 'utf8'));
    if (!banner) throw new Error(`${file} does not name its library`);
    const [, name, version] = banner;
    yield npmPackage(name, { version, license: 'MIT' });
  }
}

function npmPackage(name, { version, license, integrity }) {
  const sha512 = /^sha512-(\S+)/.exec(integrity ?? '')?.[1];
  return {
    ...entry(name, version, `pkg:npm/${name.replace('@', '%40')}@${version}`),
    licenseDeclared: typeof license === 'string' ? license : 'NOASSERTION',
    ...(sha512 && {
      checksums: [{ algorithm: 'SHA512', checksumValue: Buffer.from(sha512, 'base64').toString('hex') }],
    }),
  };
}

function debianPackage(program) {
  const [name, version] = program.split('@');
  return entry(name, version, `pkg:deb/debian/${name}@${encodeURIComponent(version)}`);
}

function entry(name, version, purl) {
  return {
    SPDXID: `SPDXRef-Package-${`${name}-${version}`.replace(/[^\w.-]+/g, '.')}`,
    name,
    versionInfo: version,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: 'NOASSERTION',
    copyrightText: 'NOASSERTION',
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
  };
}

/** In whole seconds, as SPDX requires. SOURCE_DATE_EPOCH makes builds reproducible. */
function creationTime() {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  return (epoch ? new Date(Number(epoch) * 1_000) : new Date()).toISOString().replace(/\.\d+/, '');
}
