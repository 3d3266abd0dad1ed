// What deploy-files checks: node deploy-files.mjs BASE_URL PROMETHEUS_URL SCRATCH_FOLDER
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import validator from '@action-validator/core';
import { parse, parseAllDocuments } from 'yaml';

const [url, prometheus, work] = process.argv.slice(2);
const ci = dirname(fileURLToPath(import.meta.url));
const project = dirname(ci);
const text = (path) => readFileSync(join(project, path), 'utf8');
const json = async (path) => (await fetch(url + path)).json();
let passed = 0;

async function check(name, body) {
  await body();
  passed++;
  console.log(`deploy files: ${name}: ok`);
}

/** @returns {object[]} the objects in a manifest, where an alias stands for a copy */
function manifest(name) {
  return parseAllDocuments(text(`src/deploy/kubernetes/${name}`)).map((document) => {
    assert.deepEqual(document.errors, []);
    return document.toJS();
  });
}

const version = /<artifactId>adagrad-service<\/artifactId>\s*<version>(.+)<\/version>/.exec(text('pom.xml'))[1];
const manifests = readdirSync(join(project, 'src/deploy/kubernetes'));

await check('one version everywhere', async () => {
  const { build, git } = await json('/actuator/info');
  assert.equal(build.version, version);
  assert.match(text('Dockerfile'), new RegExp(`^ARG VERSION=${version}$`, 'm'));
  assert.match(text('src/docs/CHANGELOG.md'), new RegExp(`^## ${version} – \\d{4}-\\d\\d-\\d\\d$`, 'm'));
  for (const name of manifests) {
    assert.match(text(`src/deploy/kubernetes/${name}`), new RegExp(`image: adagrad-service:${version}$`, 'm'), name);
  }
  if (existsSync(join(project, '.git'))) {
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: project, encoding: 'utf8' });
    assert.ok(commit.startsWith(git.commit.id), `built from ${git.commit.id}, but this is ${commit}`);
  }
});

await check('list of parts', async () => {
  assert.deepEqual(await json('/actuator/sbom'), { ids: ['application'] });
  const { bomFormat, metadata, components } = await json('/actuator/sbom/application');
  assert.deepEqual([bomFormat, metadata.component.name, metadata.component.version], ['CycloneDX', 'adagrad-service', version]);
  const names = components.map((component) => component.name);
  for (const name of ['sqlite-jdbc', 'postgresql', 'tomcat-embed-core', 'swagger-ui']) {
    assert.ok(names.includes(name), `${name} is missing`);
  }
  for (const name of ['spring-boot-starter-test', 'archunit', 'testcontainers']) {
    assert.ok(!names.includes(name), `${name} is not in the jar`);
  }
});

await check('workflow', () => {
  for (const name of readdirSync(join(project, '.github/workflows'))) {
    assert.deepEqual(validator.validateWorkflow(text(`.github/workflows/${name}`)).errors, [], name);
  }
  for (const name of ['dependabot.yml', 'ISSUE_TEMPLATE/bug.yml', 'ISSUE_TEMPLATE/idea.yml', 'ISSUE_TEMPLATE/config.yml']) {
    parse(text(`.github/${name}`), { strict: true });
  }
});

// The compiler knows each field and its type, and validate() formats and bounds.
await check('manifests, by the schemas of Kubernetes', () => {
  const objects = manifests.flatMap(manifest);
  const lines = objects.map((object, i) => {
    const from = object.apiVersion.includes('/') ? object.apiVersion : 'core/' + object.apiVersion;
    const { apiVersion, kind, ...rest } = object;
    return `import { ${kind} as Kind${i} } from 'kubernetes-models/${from.replace(/^core\//, '')}/${kind}';
new Kind${i}(${JSON.stringify(rest)}).validate();`;
  });
  symlinkSync(join(ci, 'node_modules'), join(work, 'node_modules'));
  writeFileSync(join(work, 'package.json'), '{"type": "module"}');
  writeFileSync(join(work, 'manifests.ts'), lines.join('\n'));
  const run = (...command) => execFileSync('node', command, { cwd: work, encoding: 'utf8', stdio: 'pipe' });
  try {
    run(join(ci, 'node_modules/typescript/bin/tsc'), '--strict', '--target', 'es2022', '--module', 'nodenext', '--types', '',
      '--skipLibCheck', 'manifests.ts');
    run('manifests.js');
  } catch (error) {
    assert.fail(error.stdout + error.stderr);
  }
});

await check('manifests, by what the service does', async () => {
  for (const name of manifests) {
    const { spec } = manifest(name).find((object) => object.spec.template).spec.template;
    const [container] = spec.containers;
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      assert.equal((await fetch(url + container[probe].httpGet.path)).status, 200, `${name}: ${probe}`);
    }
    const pause = container.env.find((variable) => variable.name === 'ADAGRAD_SHUTDOWN_PAUSE').value;
    // the default of spring.lifecycle.timeout-per-shutdown-phase
    assert.ok(spec.terminationGracePeriodSeconds > parseInt(pause) + 30, `${name}: killed before it has stopped`);
    const user = /--uid (\d+)/.exec(text('Dockerfile'))[1];
    assert.deepEqual([spec.securityContext.runAsUser, spec.securityContext.runAsNonRoot], [Number(user), true], name);
    assert.equal(spec.securityContext.seccompProfile.type, 'RuntimeDefault', name);
    assert.equal(spec.automountServiceAccountToken, false, name);
    assert.deepEqual(container.securityContext,
      { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }, name);
    assert.ok(container.resources.limits.memory, `${name}: no limit of memory`);
    // a path, below which a secret is mounted
    const keys = container.env.find((variable) => variable.name === 'ADAGRAD_ACCESS_KEYS');
    assert.deepEqual([keys.value, spec.volumes.find((volume) => volume.name === 'keys').secret.secretName],
      ['/run/adagrad/keys', 'adagrad-keys'], name);
    for (const variable of container.env.filter((each) => each !== keys && /PASSWORD|KEY|SECRET|TOKEN/.test(each.name))) {
      assert.ok(variable.valueFrom?.secretKeyRef, `${name}: ${variable.name} is in clear`);
    }
    assert.deepEqual(container.volumeMounts.map((mount) => mount.mountPath), ['/run/adagrad', '/data'], name);
  }
});

await check('dashboard', async () => {
  const dashboard = JSON.parse(text('src/deploy/grafana-dashboard.json'));
  const queries = dashboard.panels.flatMap((panel) => panel.targets ?? [])
    .map((target) => target.expr.replaceAll('$__rate_interval', '10s').replaceAll(/\$job|\$instance/g, '.+'));
  const call = (method, path, body) =>
    fetch(url + path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const session = '/adagrad/sessions/dashboard';
  await call('PUT', session, { parameter: [1, 2] });
  let silent = queries;
  for (let round = 0; silent.length > 0 && round < 60; round++) {
    await call('POST', '/adagrad/step', { parameter: [1, 2], grad: [0.1, 0.2], G: [0, 0] });
    await call('POST', session + '/step', { grad: [0.1, 0.2] });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const answers = await Promise.all(silent.map((query) =>
      fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(query)}`).then((answer) => answer.json(), () => ({}))));
    answers.forEach((answer, i) => assert.notEqual(answer.status, 'error', `${silent[i]}: ${answer.error}`));
    silent = silent.filter((_, i) => !(answers[i].data?.result.length > 0));
  }
  await call('DELETE', session);
  assert.deepEqual(silent, [], 'no data');
  const metrics = await (await fetch(url + '/actuator/prometheus')).text();
  for (const [, name] of [...JSON.stringify(dashboard).matchAll(/\b([a-z_]+)\{job/g)]) {
    assert.match(metrics, new RegExp(`^${name}[{ ]`, 'm'));
  }
});
console.log(`deploy files: ${passed} passed, 0 failed`);
