/** SHA-256 of a file in hex, as recipes name photos; nothing where the page is not served safely enough for it. */
export async function hashFile(file: Blob): Promise<string | undefined> {
  // Only over HTTPS, or from this machine.
  if (!isSecureContext) return undefined;
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
