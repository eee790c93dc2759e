/** Who the site says its visitor is. */

/** Returns whom a signed identity names; the signature is the gateway's business. */
export function subjectOf(identity) {
  if (!identity) return "guest";
  try {
    const payload = identity.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    return `id:${JSON.parse(atob(payload)).sub}`;
  } catch {
    return `id:${identity}`;
  }
}
