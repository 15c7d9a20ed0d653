/** The picture in a small window that stays on top. */
export interface PictureInPicture {
  readonly isPossible: boolean;
  /** Opens or closes it. Throws what the browser throws. */
  toggle(canvas: HTMLCanvasElement): Promise<void>;
}

export function createPictureInPicture(onChange: (isOpen: boolean) => void): PictureInPicture {
  let video: HTMLVideoElement | undefined;
  return {
    isPossible: document.pictureInPictureEnabled === true,
    async toggle(canvas) {
      if (document.pictureInPictureElement !== null) return document.exitPictureInPicture();
      const made = document.createElement('video');
      made.muted = true;
      made.srcObject = canvas.captureStream();
      video = made;
      await made.play();
      await made.requestPictureInPicture();
      onChange(true);
      made.addEventListener('leavepictureinpicture', () => {
        if (made.srcObject instanceof MediaStream) for (const track of made.srcObject.getTracks()) track.stop();
        made.srcObject = null;
        if (video === made) onChange(false);
      });
    },
  };
}
