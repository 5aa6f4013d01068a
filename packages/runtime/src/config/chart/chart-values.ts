import { choice, count, flag, group, mapping, type Nodes, objects, text, texts } from './node.js';
import { podValues, topologySpread } from './pod-values.js';
import { storeValues } from './store-values.js';

const KUBERNETES_NAME = { pattern: '^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)?$' };
const REPLICAS = 1000;

const small = { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '384Mi' } };

/** The values of the chart beside `config`, in the order of `values.yaml`. */
export const chartValues: Nodes = {
  existingSecret: text(
    'The Secret with everything that is secret, its keys named like the variables: `API_BOOTSTRAP_KEY`, `SMTP_URL`, `LINK_SECRET`, and `MONGODB_URI` and `REDIS_URL` with their passwords. Empty: the chart makes one with an `API_BOOTSTRAP_KEY` only.',
    '',
    KUBERNETES_NAME,
  ),
  image: group('The one image of all apps.', {
    repository: text('Where it is.', 'campaign-manager', { minLength: 1 }),
    tag: {
      description: 'Empty: the version of the app that the chart names.',
      // A date is a number to YAML and to `--set`; from here on it would lose digits.
      type: ['string', 'integer'],
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      default: '',
    },
    digest: text('Goes before the tag.', '', { pattern: '^(sha256:[0-9a-f]{64})?$' }),
    pullPolicy: choice('When it is pulled.', ['IfNotPresent', 'Always', 'Never']),
  }),
  imagePullSecrets: objects('Secrets of the registry, each as `name: ...`.'),
  nameOverride: text('Goes before the name of the chart in the names of all objects.'),
  fullnameOverride: text('Goes before the names of release and chart.', '', {
    pattern: '^([a-z]([a-z0-9-]{0,38}[a-z0-9])?)?$',
  }),
  scheduler: group('Finds what is due. One is enough; the second is there when the first is not.', {
    replicas: count('How many pods.', 2, 0, REPLICAS),
    ...podValues(small),
    topologySpreadConstraints: topologySpread,
  }),
  worker: group('Decides and sends.', {
    replicas: count('How many pods, where `autoscaling.type` is `none`.', 2, 0, REPLICAS),
    ...podValues(
      {},
      'Requests and limits; empty: by `WORKER_THREADS`, for each process 100m CPU (a core where `autoscaling.type` is `cpu`) and 192Mi to 512Mi.',
    ),
    topologySpreadConstraints: topologySpread,
  }),
  api: group('Takes campaigns and replies.', {
    replicas: count('How many pods.', 2, 0, REPLICAS),
    ...podValues(small),
    topologySpreadConstraints: topologySpread,
    service: group("The api's Service.", {
      type: choice('Its type.', ['ClusterIP', 'NodePort', 'LoadBalancer']),
      port: count('Its port.', 3000, 1, 65_535),
      annotations: texts('Its annotations.'),
    }),
    inboundService: group('The Service of the listener for inbound mail, where `config` has `INBOUND_SMTP_PORT`.', {
      type: choice('Its type.', ['LoadBalancer', 'ClusterIP', 'NodePort']),
      port: count('Its port.', 25, 1, 65_535),
      annotations: texts('Its annotations.'),
    }),
  }),
  migration: group('The Job that prepares MongoDB: one for each revision of the release.', podValues(small)),
  autoscaling: group('How many workers there are.', {
    type: choice('`cpu`: a HorizontalPodAutoscaler; `keda`: a ScaledObject on how late the system is.', [
      'none',
      'cpu',
      'keda',
    ]),
    minReplicas: count('At least so many.', 2, 1, REPLICAS),
    maxReplicas: count('At most so many.', 10, 1, REPLICAS),
    cpuUtilization: count('`cpu`: the share of the requested CPU that is aimed at, in percent.', 70, 1, 100),
    lateSeconds: count('`keda`: how late a conversation may be, in seconds, before workers are added.', 30, 1, 86_400),
    prometheusAddress: text(
      '`keda`: where Prometheus answers queries, such as `http://prometheus.monitoring:9090`.',
      '',
      {
        pattern: '^(https?://[^\\s@]+)?$',
      },
    ),
  }),
  podDisruptionBudget: group('Keeps nodes from being drained of more than one pod of an app at once.', {
    enabled: flag('Makes one for each app.', true),
  }),
  ingress: group('The way to the api from outside.', {
    enabled: flag('Makes an Ingress.', false),
    className: text('Its class.'),
    host: text('The host name, that of `PUBLIC_URL`.'),
    tlsSecret: text('The Secret with the certificate; empty: no TLS here.'),
    annotations: texts('Its annotations.'),
  }),
  networkPolicy: group('Who may connect to the pods, and where they may connect to.', {
    enabled: flag('Makes NetworkPolicies: nothing comes in but what the following allow.', false),
    apiFrom: objects('Peers that may use the api; empty: everybody.'),
    metricsFrom: objects('Peers that may read metrics; empty: nobody.'),
    egress: group('Where the pods may connect to.', {
      enabled: flag('Lets nothing out but to DNS, to servers within the chart and to the ports that follow.', false),
      ports: {
        description: 'TCP ports of MongoDB, Redis, mail servers and webhooks, at any address.',
        type: 'array',
        items: { type: 'integer', minimum: 1, maximum: 65_535 },
        default: [27017, 6379, 25, 465, 587, 443],
      },
    }),
  }),
  monitoring: group('What Prometheus and Grafana find by themselves.', {
    runbookUrl: text(
      'The address of docs/operations.md, such as `https://docs.example.com/operations.md`, to which alerts lead; empty: its path.',
      '',
      { pattern: '^(https?://[^\\s@]+)?$' },
    ),
    serviceMonitor: group('For the Prometheus operator.', {
      enabled: flag('Makes a ServiceMonitor.', false),
      interval: text('How often it scrapes.', '15s', { pattern: '^[0-9]+(ms|s|m)$' }),
      labels: texts('Labels by which Prometheus selects it.'),
    }),
    prometheusRule: group('For the Prometheus operator.', {
      enabled: flag('Makes a PrometheusRule of the alerts in `files/rules.yaml`.', false),
      labels: texts('Labels by which Prometheus selects it.'),
    }),
    dashboards: group("For the sidecar of Grafana's chart.", {
      enabled: flag('Makes a ConfigMap of the dashboards in `files/dashboards`.', false),
      labels: texts('Labels by which the sidecar finds it.', { grafana_dashboard: '1' }),
      annotations: texts('Annotations, such as the folder.'),
    }),
  }),
  serviceAccount: group('The pods have no token of it.', {
    create: flag('Makes one.', true),
    name: text('Empty: that of the release, or `default` where none is made.', '', KUBERNETES_NAME),
    annotations: texts('Its annotations.'),
  }),
  runAsUser: {
    description:
      'The user and group that our pods run as, those of the image; `null` leaves it to the image or to the cluster.',
    type: ['integer', 'null'],
    minimum: 1,
    default: 10001,
  },
  extraEnv: objects('More environment variables of our pods that are none of ours, such as `NODE_EXTRA_CA_CERTS`.'),
  extraVolumes: objects('More volumes of our pods, such as certificates.'),
  extraVolumeMounts: objects('Where they are mounted.'),
  mongodb: storeValues({
    name: 'MongoDB',
    image: 'mongo:8.0',
    size: '8Gi',
    memory: { requests: '512Mi', limits: '1Gi' },
  }),
  redis: storeValues({
    name: 'Redis',
    image: 'redis:8.2',
    size: '2Gi',
    memory: { requests: '128Mi', limits: '512Mi' },
  }),
  global: mapping('What Helm hands to charts within charts; not read.'),
};
