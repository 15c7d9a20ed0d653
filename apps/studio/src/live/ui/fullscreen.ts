/** The stage as large as the screen, or back. */
export async function toggleFullscreen(): Promise<void> {
  if (document.fullscreenElement !== null) return document.exitFullscreen();
  // Refused where the browser or the system does not allow it: the page stays as it is.
  await document
    .querySelector('.live-column')
    ?.requestFullscreen()
    .catch(() => undefined);
}
