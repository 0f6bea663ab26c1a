// Shows one OpenAPI document. Requests tried there ride on the session; the header proves that this page sent them.
"use strict";

window.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("viewer");
  window.SwaggerUIBundle({
    domNode: place,
    url: place.dataset.document,
    deepLinking: true,
    validatorUrl: null,
    requestInterceptor: (request) => {
      if (place.dataset.csrf) request.headers["X-CSRFToken"] = place.dataset.csrf;
      return request;
    },
  });
});
