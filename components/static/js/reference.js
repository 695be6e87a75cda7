// The reference of the API. Nothing of it leaves for another server: no validator, no badge.
const place = document.getElementById('reference');
SwaggerUIBundle({
    url: place.dataset.url, domNode: place, deepLinking: true, validatorUrl: null, persistAuthorization: false,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset],
});
