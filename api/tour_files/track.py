"""A tour as GPX: stops as waypoints, the way along the streets as a track."""

from __future__ import annotations

import gpxpy.gpx

from api.tour_files.parts import TourFile, stop_name

MEDIA_TYPE = "application/gpx+xml"


def write(file: TourFile) -> bytes:
    """Write GPX 1.1; litres stand in each waypoint's description."""
    document = gpxpy.gpx.GPX()
    document.creator = "Stadtwart"
    document.name = file.title
    document.description = f"{file.label} · {file.address}"
    document.time = file.tour.begins_at
    for stop in file.tour.stops:
        document.waypoints.append(
            gpxpy.gpx.GPXWaypoint(
                latitude=round(stop.lat, 7),
                longitude=round(stop.lon, 7),
                time=stop.arrives_at,
                name=f"{stop.seq}. {stop_name(stop)}",
                description=f"{stop.litres} L · {stop.street} · {file.clock(stop.arrives_at)}",
                type=stop.kind,
            )
        )
    track = gpxpy.gpx.GPXTrack(name=file.title, description=file.label)
    points = [
        gpxpy.gpx.GPXTrackPoint(latitude=lat, longitude=lon)
        for lon, lat in file.tour.line["coordinates"]
    ]
    track.segments.append(gpxpy.gpx.GPXTrackSegment(points))
    document.tracks.append(track)
    return document.to_xml(version="1.1").encode("utf-8")
