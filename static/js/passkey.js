// Says on the page when a passkey was not used; allauth's script alone would only tell the console.
(() => {
  "use strict";

  const WORDS = {
    NotAllowedError: "No passkey was used: the request was cancelled, or took too long.",
    InvalidStateError: "This passkey is registered already.",
    SecurityError: "Passkeys work only at the address Helio is meant to be opened at, over HTTPS.",
  };

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const place = document.getElementById("passkey-said");
    if (!place) return;
    const name = event.detail.exception?.name;
    place.textContent = WORDS[name] || "The passkey could not be used. Try again, or sign in another way.";
    place.hidden = false;
  });
})();
