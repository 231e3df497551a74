// Starts Swagger UI on our own document. No validator, no query configuration: nothing leaves this host.
window.addEventListener("DOMContentLoaded", function () {
  "use strict";
  window.SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#reference",
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    filter: true,
    persistAuthorization: false,
    queryConfigEnabled: false,
    tagsSorter: "alpha",
    tryItOutEnabled: false,
    validatorUrl: null,
  });
});
