// Passkeys as a second factor. `data-passkey` holds the options of the server (binary values as base64url), the deed is
// `create` or `get`; the browser's answer goes into the hidden field beside the button, and the form is sent.

/** @param {string} text base64url */
function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer | null} buffer */
function text(buffer) {
  if (!buffer) return undefined;
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** The options with their binary values opened. */
function opened(options) {
  const key = { ...options, challenge: bytes(options.challenge) };
  if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (key[list]) key[list] = key[list].map((each) => ({ ...each, id: bytes(each.id) }));
  }
  return key;
}

/** @param {PublicKeyCredential} credential What the server reads. */
function closed(credential) {
  const answer = /** @type {any} */ (credential.response);
  const response = { clientDataJSON: text(answer.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer[name]) response[name] = text(answer[name]);
  }
  if (answer.getTransports) response.transports = answer.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

// A passkey belongs to a name; browsers refuse addresses of numbers.
const named = !/^(\d+\.){3}\d+$|^\[/.test(location.hostname);

for (const place of document.querySelectorAll("[data-passkey]")) {
  const button = /** @type {HTMLButtonElement} */ (place.querySelector("[data-passkey-go]"));
  const none = /** @type {HTMLElement} */ (place.querySelector("[data-passkey-none]"));
  const failed = /** @type {HTMLElement} */ (place.querySelector("[data-passkey-failed]"));
  const input = /** @type {HTMLInputElement} */ (place.querySelector("input[name=credential]"));
  place.querySelector("[data-passkey-noscript]")?.remove();
  const able = named && window.isSecureContext && "PublicKeyCredential" in window;
  button.disabled = !able;
  none.hidden = able;
  if (!able) {
    const quiet = place.closest("[data-quiet-without-passkey]");
    if (quiet instanceof HTMLElement) quiet.hidden = true;
  }
  button.addEventListener("click", async () => {
    failed.hidden = true;
    button.disabled = true;
    const publicKey = opened(JSON.parse(place.getAttribute("data-passkey") ?? "{}").publicKey);
    try {
      const got = place.getAttribute("data-passkey-deed") === "create"
        ? await navigator.credentials.create({ publicKey })
        : await navigator.credentials.get({ publicKey });
      input.value = JSON.stringify(closed(/** @type {PublicKeyCredential} */ (got)));
      input.form?.submit();
    } catch {
      failed.hidden = false;
      button.disabled = false;
    }
  });
}
