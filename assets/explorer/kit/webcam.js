/** The browser's camera: to be asked for, looked through, and given back. */

const LONGEST = 640; // pixels of a frame that is sent
const QUALITY = 0.85; // of its JPEG

/** Ask for the camera, a phone's outward one. @returns {Promise<MediaStream>} */
export function openCamera() {
  if (!navigator.mediaDevices) throw new DOMException("", "SecurityError");
  const video = { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "environment" };
  return navigator.mediaDevices.getUserMedia({ audio: false, video });
}

/** Give the camera back. @param {MediaStream} stream */
export function release(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** Write a file in base64. @param {Blob} blob @returns {Promise<string>} */
export async function base64Of(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/**
 * Take the newest frame as a JPEG.
 * @param {HTMLVideoElement} video
 * @param {HTMLCanvasElement} canvas
 * @returns {Promise<Blob>}
 */
export async function newestFrame(video, canvas) {
  await new Promise((resolve) =>
    video.readyState >= 2 ? resolve(null) : video.addEventListener("loadeddata", resolve, { once: true }),
  );
  const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight));
  [canvas.width, canvas.height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)];
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The camera gives no picture."))),
      "image/jpeg",
      QUALITY,
    ),
  );
}
