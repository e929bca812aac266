"""The security headers that Django has no setting for, on every answer: pages, files, refusals, static files."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from portal.refusals import is_staff

# The site needs no sensor, no camera, no payment. A feature that a browser does not know is ignored by it.
FEATURES = (
    *("accelerometer", "attribution-reporting", "autoplay", "bluetooth", "browsing-topics", "camera"),
    *("display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid"),
    *("idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment"),
    *("picture-in-picture", "screen-wake-lock", "serial", "storage-access", "usb", "web-share"),
    *("window-management", "xr-spatial-tracking"),
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in FEATURES)
STAFF_REFERRER_POLICY = "same-origin"  # the address of a sealed proposal's page is nobody else's business


class HeadersMiddleware:
    """Stands outermost, so that what other middleware answers has them too. See decision record 0016."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        # What anybody's page may fetch, anybody's page may also show.
        is_for_all = response.get("Access-Control-Allow-Origin") == "*"
        response["Cross-Origin-Resource-Policy"] = "cross-origin" if is_for_all else "same-origin"
        if is_staff(request):
            response["Referrer-Policy"] = STAFF_REFERRER_POLICY
        return response
