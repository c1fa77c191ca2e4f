from django.http import JsonResponse


def orders(request):
    try:
        return JsonResponse({"orders": []})
    except Exception as error:
        return JsonResponse({"error": str(error)}, status=500)  # expect: AG0313
