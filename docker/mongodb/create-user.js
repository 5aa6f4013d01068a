// Run once by the image of MongoDB, on an empty database: the user of Campaign Manager, who may use its database only.
db.getSiblingDB('communication_service').createUser({
  user: 'campaign',
  // biome-ignore lint/style/noProcessEnv lint/suspicious/noUndeclaredEnvVars: mongosh runs it, in the container of MongoDB.
  pwd: process.env.CAMPAIGN_PASSWORD,
  roles: [{ role: 'readWrite', db: 'communication_service' }],
});
