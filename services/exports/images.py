from uuid import UUID

from services.exports.publication import Publication

# No SVG: it can carry scripts and fetch from elsewhere.
_SUFFIXES = {'image/png': 'png', 'image/jpeg': 'jpg', 'image/gif': 'gif', 'image/webp': 'webp'}


def image_names(publication: Publication) -> dict[UUID, str]:
    """Path inside the archive of each image that is there and of a kind every browser shows."""
    return {
        image.file_id: f'images/{image.file_id}.{_SUFFIXES[image.media_type]}'
        for image in publication.images
        if image.media_type in _SUFFIXES and image.path.is_file()
    }
