/** Stops what `global-setup` started. */
export default async function stopServices(): Promise<void> {
  const services = globalThis.campaignTestServices ?? [];
  await Promise.all(services.map((service) => service.stop()));
}
